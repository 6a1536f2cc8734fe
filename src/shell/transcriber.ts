// Plays a transcript in a shop of its own, and gathers what it prints: what would be on the output if it were a
// script that is played with --echo.
import { Writable } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { steppingClock, TRANSCRIPT_START } from './clock.ts';
import { DEEPEST } from './input/files.ts';
import { inOneBatch } from './input/lines.ts';
import { trimmed } from './input/transcript-file.ts';
import { Printer } from './printer.ts';
import { Runner } from './runner.ts';
import { Session, type OpenTranscriber, type Sitting } from './session.ts';
import type { Terminal } from './terminal.ts';

/** What is played there prints as this terminal would have it in a script; `depth` is how deep such are nested. */
export function transcriberAt(terminal: Terminal, depth = 0): OpenTranscriber {
  return async (name, own) => {
    const settings = { ...own.begun.settings, format: 'table', color: 'off', echo: true } as const;
    const sitting: Sitting = {
      get interrupted() {
        return own.sitting.interrupted;
      },
      transcribe: depth < DEEPEST ? transcriberAt(terminal, depth + 1) : undefined,
    };
    const clock = steppingClock(own.clock.startMs ?? Date.parse(TRANSCRIPT_START));
    const session = await Session.open({ ...settings }, clock, { sitting, stores: own.stores });
    const printer = new Printer(unseen(terminal), session.settings, false);
    const runner = new Runner(session, printer, terminal);
    return {
      async play(rows) {
        const echoed = session.settings.echo ? rows.length : 0;
        const lines = inOneBatch(rows);
        const play = async () => void (await runner.play({ name, file: name, lines }));
        const text = await printer.draw([play], false);
        // Below the blank line and its own rows.
        return trimmed(trimmed(text.split('\n')).slice(echoed));
      },
      get hasEnded() {
        return session.exit !== undefined;
      },
      close: () => session.close(),
    };
  };
}

// Nobody looks: no screen has a width, and what would go there is gathered by the printer.
function unseen(terminal: Terminal): Terminal {
  const nowhere = new Writable({
    write(_chunk, _encoding, done) {
      done();
    },
  }) as unknown as WriteStream;
  return Object.assign(Object.create(terminal) as Terminal, {
    stdout: nowhere,
    stderr: nowhere,
    columns: () => undefined,
    colorOf: () => false,
  });
}
