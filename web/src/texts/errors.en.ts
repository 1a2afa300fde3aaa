/** Refusals that are said where their topic is. */

import { fileErrors } from "./files.en";
import { issuerErrors } from "./issuer.en";

export const topicErrors = { ...fileErrors, ...issuerErrors };
