/** The words that tests of single modules find: English ones. */

import { en } from "./en";
import { read } from ".";

read(en);
