// The port to the outside: streams, size, environment, and what the terminal can show. Built once at the
// start; nothing else touches `process`.
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
  /** Ctrl-Z: stops the process, and calls back when it goes on. */
  suspend(onResume: () => void): void;
}

/** The real one. */
export function createTerminal(): Terminal {
  const { stdout, stderr, env } = nodeProcess;
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
      nodeProcess.on('exit', restore);
      nodeProcess.on('SIGTERM', () => nodeProcess.exit(143));
      nodeProcess.on('SIGHUP', () => nodeProcess.exit(129));
    },
    onInterrupt: (interrupt) => void nodeProcess.on('SIGINT', interrupt),
    suspend(onResume) {
      nodeProcess.once('SIGCONT', onResume);
      nodeProcess.kill(nodeProcess.pid, 'SIGTSTP');
    },
  };
}

/**
 * NO_COLOR (non-empty) beats FORCE_COLOR beats TERM=dumb; and nothing that is not a terminal is painted. See
 * https://no-color.org.
 */
export function mayPaint(env: Terminal['env'], isTty: boolean | undefined): boolean {
  if (!isTty) return false;
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR'] !== undefined) return env['FORCE_COLOR'] !== '0';
  return env['TERM'] !== 'dumb';
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
