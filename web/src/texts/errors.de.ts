/** Refusals that are said where their topic is. */

import { fileErrors } from "./files.de";
import { issuerErrors } from "./issuer.de";

export const topicErrors = { ...fileErrors, ...issuerErrors };
