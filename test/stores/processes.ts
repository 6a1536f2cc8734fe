// Programs over a store, as processes of their own: what a process promises can only be seen from outside.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A new folder, and a program in it that was built from a file of these tests. */
export interface Program {
  readonly folder: string;
  readonly file: string;
  readonly remove: () => void;
}

/** Builds a program. It finds the packages that this one has; `alone`, none. */
export function build(entry: string, { alone = false }: { readonly alone?: boolean } = {}): Program {
  const folder = mkdtempSync(join(tmpdir(), 'orderlab-'));
  const file = join(folder, 'program.mjs');
  buildSync({
    entryPoints: [join(root, 'test/stores', entry)],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['@photostructure/sqlite', 'pg'],
  });
  if (!alone) symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return { folder, file, remove: () => rmSync(folder, { recursive: true }) };
}

/** A program that runs: what it has said so far, line by line, and how it ended. */
export interface Running {
  readonly child: ChildProcess;
  readonly lines: readonly string[];
  readonly stderr: () => string;
  /** Resolves when it has said this many lines, or has ended. */
  readonly said: (count: number) => Promise<void>;
  readonly ended: Promise<number | null>;
}

/** Starts this command. Half a line at the end was not said. */
export function start(command: string, args: readonly string[]): Running {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  let rest = '';
  let stderr = '';
  let wake = () => {};
  const state = { isOver: false };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop()!;
    lines.push(...parts);
    wake();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      state.isOver = true;
      wake();
      resolve(status);
    });
  });
  const said = async (count: number): Promise<void> => {
    while (lines.length < count && !state.isOver) await new Promise<void>((resolve) => (wake = resolve));
  };
  return { child, lines, stderr: () => stderr, said, ended };
}

/** Says loudly what is not tested here, and why. */
export function skipping(what: string, why: string): void {
  process.stderr.write(`\nNOT TESTED HERE: ${what}: ${why}\n`);
}

/** Whether a command can be run here, and answers 0. */
export function works(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args).status === 0;
}

/** A file system of its own, of this size. Undefined where none can be mounted. */
export function smallDisk(folder: string, size: string): { readonly unmount: () => void } | undefined {
  mkdirSync(folder, { recursive: true });
  if (!works('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder)) return undefined;
  return { unmount: () => void spawnSync('umount', ['-l', folder]) };
}
