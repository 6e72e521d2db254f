// A service of a spec's own: started as an operator starts it, ended with the spec.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { binary } from './where';

const begin = (args: string[]) => spawn(binary, args, { stdio: ['ignore', 'pipe', 'ignore'] });

export class Own {
  private constructor(
    private child: ChildProcess,
    private readonly folder: string,
    private readonly args: string[],
    private readonly lines: string[],
  ) {}

  /** Starts it with a data folder of its own and waits until it listens. */
  static async start(command: 'serve' | 'demo', ...more: string[]) {
    const folder = mkdtempSync(join(tmpdir(), 'second-story-'));
    const where = command === 'serve' ? ['--database', `sqlite://${join(folder, 'data/second-story.db')}`] : ['--data', join(folder, 'data')];
    const listen = more.includes('--listen') ? [] : ['--listen', '127.0.0.1:0'];
    const args = [command, ...where, ...more];
    const own = new Own(begin([...args, ...listen]), folder, args, []);
    await own.listens();
    return own;
  }

  private async listens() {
    this.lines.length = 0;
    createInterface({ input: this.child.stdout! }).on('line', (line) => this.lines.push(line));
    return this.said(/^listening on (.*)$/);
  }

  /** Ends it as a lost machine does: at once, in the middle of whatever it does. */
  async kill() {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
  }

  /** Starts it again at the same address, over the same data. */
  async again(address: string) {
    this.child = begin([...this.args, '--listen', new URL(address).host]);
    await this.listens();
  }

  /** What a line of the terminal says. */
  async said(pattern: RegExp) {
    for (let tries = 0; tries < 600; tries++) {
      const found = this.lines.map((line) => pattern.exec(line)).find((match) => match);
      if (found) return found[1];
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`the terminal does not say ${pattern}: ${this.lines.join('\n')}`);
  }

  async stop() {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
