// The port to the outside: streams, size, environment, and what the terminal can show. Built once at the
// start; nothing else touches `process`.
import { closeSync } from 'node:fs';
import nodeProcess from 'node:process';
import type { ReadStream, WriteStream } from 'node:tty';

/** The program's surroundings. */
export interface Terminal {
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  readonly stderr: WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How wide the screen is, in cells; undefined when nobody is looking at one. */
  columns(): number | undefined;
  /** Whether a stream may be painted, when no option says otherwise. */
  colorOf(stream: WriteStream): boolean;
  /** Whether the locale can show more than ASCII. */
  readonly unicode: boolean;
  /** Ends the process at once, for a reader that has gone away. */
  exitNow(status: number): never;
  /** Puts the terminal back however the process ends: by itself, by a bug, by SIGTERM or SIGHUP. */
  onExit(restore: () => void): void;
  /** Ctrl-C as a signal, from another process or from a terminal that is not read key by key. */
  onInterrupt(interrupt: () => void): void;
  /** The terminal has gone away: ends the process as SIGHUP does. */
  hangUp(): void;
  /** Ctrl-Z: stops the whole job, and returns when it goes on; at once where nobody could bring it back. */
  stop(): void;
  /** The process goes on after it was stopped, however that came. */
  onContinue(resume: () => void): void;
}

/** The real one. */
export function createTerminal(): Terminal {
  const { stdout, stderr, env } = nodeProcess;
  const restoring: (() => void)[] = [];
  let gone = false;

  // Node puts the modes of its streams back as it exits, and aborts when it cannot since there is no terminal
  // any more; of streams that are closed it leaves the modes alone.
  function hangUp(): void {
    if (gone) return;
    gone = true;
    for (const restore of restoring) restore();
    for (const fd of [0, 1, 2]) closeSync(fd);
    nodeProcess.exit(129);
  }

  return {
    // Opened when somebody reads it: `--version` does not.
    get stdin() {
      return nodeProcess.stdin;
    },
    stdout,
    stderr,
    env,
    columns: () => (stdout.isTTY ? Math.max(20, stdout.columns || 80) : undefined),
    colorOf: (stream) => mayPaint(env, stream.isTTY),
    unicode: speaksUnicode(env),
    exitNow: (status) => nodeProcess.exit(status),
    onExit(restore) {
      restoring.push(restore);
      nodeProcess.on('exit', restore);
      nodeProcess.on('SIGTERM', () => nodeProcess.exit(143));
      nodeProcess.on('SIGHUP', hangUp);
    },
    onInterrupt: (interrupt) => void nodeProcess.on('SIGINT', interrupt),
    hangUp,
    stop() {
      // To the whole process group, as the terminal itself would: `npm start` and `sh -c` wait in it.
      if (nodeProcess.platform !== 'win32') nodeProcess.kill(0, 'SIGTSTP');
    },
    onContinue: (resume) => void nodeProcess.on('SIGCONT', resume),
  };
}

/**
 * NO_COLOR beats FORCE_COLOR (`0` and `false` are off) beats TERM=dumb, an empty one counts as none; and
 * nothing that is not a terminal is painted. See https://no-color.org.
 */
export function mayPaint(env: Terminal['env'], isTty: boolean | undefined): boolean {
  if (!isTty) return false;
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR']) return !['0', 'false'].includes(env['FORCE_COLOR']);
  return env['TERM'] !== 'dumb';
}

/** Whether what is on the screen may change: not for who is read to, nor where it is sent elsewhere. */
export function mayBeDrawnOver({ stdout, env }: Pick<Terminal, 'stdout' | 'env'>): boolean {
  return stdout.isTTY && env['TERM'] !== 'dumb' && !env['ACCESSIBLE'];
}

/**
 * A locale that names a charset other than UTF-8, or none (C, POSIX), gets ASCII; no locale at all gets the
 * benefit of the doubt.
 */
export function speaksUnicode(env: Terminal['env']): boolean {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'];
  if (!locale) return true;
  return /utf-?8/i.test(locale);
}
