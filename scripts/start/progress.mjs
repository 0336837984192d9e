const slowMs = 2_000;
const stillMs = 15_000;

/**
 * Progress prints one numbered line for each step, and for a slow one a line while it works.
 */
export class Progress {
  /** @param {number} total @param {(line: string) => void} [print] */
  constructor(total, print = console.log) {
    this.total = total;
    this.print = print;
  }

  /**
   * step runs `work`, which answers what to say of it, and prints "2/6 Title … what (0.9 s)".
   * @param {number} number
   * @param {string} title
   * @param {(say: (line: string) => void) => Promise<string>} work
   */
  async step(number, title, work) {
    const began = Date.now();
    const line = (/** @type {string} */ text) => this.print(`${number}/${this.total} ${title} … ${text}`);
    let spoke = false;
    const say = (/** @type {string} */ text) => {
      spoke = true;
      line(text);
    };
    const first = setTimeout(() => spoke || line('working'), slowMs);
    const still = setInterval(() => line(`still working (${seconds(began)})`), stillMs);
    try {
      line(`${await work(say)} (${seconds(began)})`);
    } finally {
      clearTimeout(first);
      clearInterval(still);
    }
  }
}

/** @param {number} began */
const seconds = (began) => `${((Date.now() - began) / 1000).toFixed(1)} s`;
