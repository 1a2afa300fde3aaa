/** Whether the pages of this place name who runs it: asked for those who could set it right. */

import { host } from "./clubs";

class Operator {
  /** False also as long as it is not known. */
  unnamed = $state(false);

  async look(): Promise<void> {
    const found = await host().catch(() => null);
    if (found) this.unnamed = found.operator === null;
  }
}

export const operator = new Operator();
