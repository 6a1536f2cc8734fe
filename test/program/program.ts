// The built program as a process: a script in, output and exit status out.
import { spawn, type ChildProcessWithoutNullStreams, type SpawnOptions } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';

const bin = fileURLToPath(new URL('../../bin/orderlab.js', import.meta.url));

export interface Run {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

/** A world without settings of the person who runs the tests. */
export const ENV = { PATH: process.env['PATH'], LANG: 'C.UTF-8' };

/** Starts the program with these arguments, and this on its standard input. */
export function orderlab(
  args: readonly string[],
  input: string | Uint8Array = '',
  options: SpawnOptions = {},
): Promise<Run> {
  return start(process.execPath, [bin, ...args], input, options);
}

/** Runs a shell command in which $ORDERLAB is the program. */
export function shell(command: string, input = '', cwd?: string): Promise<Run> {
  return start('/bin/sh', ['-c', command], input, {
    env: { ...ENV, ORDERLAB: `${process.execPath} ${bin}` },
    ...(cwd ? { cwd } : {}),
  });
}

/** What the program loads with these arguments, of Node itself and of packages. */
export async function loadedBy(args: readonly string[]): Promise<readonly string[]> {
  const asked = fileURLToPath(new URL('loaded.cjs', import.meta.url));
  const { stderr } = await start(process.execPath, ['--require', asked, bin, ...args]);
  return JSON.parse(stderr.trim().split('\n').at(-1)!) as string[];
}

/** Starts the program through this door; `false` at the end of stderr: V8 took what the build compiled. */
export function through(door: string, args: readonly string[], options: SpawnOptions = {}): Promise<Run> {
  const load = `const { script } = require(${JSON.stringify(door)});
    process.on('exit', () => process.stderr.write(String(script.cachedDataRejected)));`;
  // A start that waits for ever must not outlive its test.
  return start(process.execPath, ['-e', load, '--', door, ...args], '', { timeout: 10_000, ...options });
}

/** The program while it goes on: what it has printed so far, and when it says something. */
export class Running {
  stdout = '';
  stderr = '';
  readonly ended: Promise<Run>;
  readonly #child: ChildProcessWithoutNullStreams;

  constructor(args: readonly string[], options: SpawnOptions = {}) {
    const child = spawn(process.execPath, [bin, ...args], { env: ENV, ...options, stdio: 'pipe' });
    this.#child = child;
    child.stdout.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.ended = new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (status) => resolve({ stdout: this.stdout, stderr: this.stderr, status }));
    });
    onTestFinished(() => void child.kill('SIGKILL'));
  }

  /** Waits until it has printed this. */
  async says(text: string | RegExp): Promise<void> {
    await expect.poll(() => this.stdout + this.stderr, { timeout: 20_000, interval: 10 }).toMatch(text);
  }

  /** Writes to its standard input, which stays open. */
  type(lines: string): void {
    this.#child.stdin.write(lines);
  }

  /** Sends a signal, and waits for its end. */
  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<Run> {
    this.#child.kill(signal);
    return this.ended;
  }
}

/** Starts any program with this on its standard input. */
function start(
  command: string,
  args: readonly string[],
  input: string | Uint8Array = '',
  options: SpawnOptions = {},
): Promise<Run> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: ENV, ...options, stdio: 'pipe' });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (status) => resolve({ stdout, stderr, status }));
    // The program may be gone before it has read everything.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** The objects of JSON output, a line each. */
export function objects(stdout: string): JsonLine[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** One line of JSON output, as far as tests look into it. */
export interface JsonLine {
  readonly ok: boolean;
  readonly command: string;
  readonly line: number;
  readonly [key: string]: unknown;
}
