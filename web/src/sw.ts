/** The service worker: each of its concerns in a file of its own. */

import "./sw/shell";
import "./sw/pushed";
import "./sw/clicked";
