// A service of a spec's own: started as an operator starts it, ended with the spec.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { binary } from './where';

export class Own {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    private readonly lines: string[],
  ) {}

  /** Starts it with a data folder of its own and waits until it listens. */
  static async start(command: 'serve' | 'demo', ...more: string[]) {
    const folder = mkdtempSync(join(tmpdir(), 'second-story-'));
    const where = command === 'serve' ? ['--database', `sqlite://${join(folder, 'data/second-story.db')}`] : ['--data', join(folder, 'data')];
    const listen = more.includes('--listen') ? [] : ['--listen', '127.0.0.1:0'];
    const child = spawn(binary, [command, ...where, ...listen, ...more], { stdio: ['ignore', 'pipe', 'ignore'] });
    const own = new Own(child, folder, []);
    createInterface({ input: child.stdout! }).on('line', (line) => own.lines.push(line));
    await own.said(/^listening on (.*)$/);
    return own;
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
