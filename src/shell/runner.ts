// Plays lines: each is executed, printed, and, when it asks for a script, that script is played through here
// as well. So a typed line, a piped one, a file and the tour all take the same way.
import { Refusal } from '../errors.ts';
import { steppingClock, TRANSCRIPT_START } from './clock.ts';
import { execute, explainThrown } from './execute.ts';
import { inOneBatch, MAX_LINE_BYTES, tooLong, type LineBatches } from './input/lines.ts';
import { tokenize } from './input/tokenize.ts';
import { withoutPrompt } from './input/transcript.ts';
import type { Lesson } from './teaching/lesson.ts';
import { openedExercise } from './commands/demo.ts';
import { isCommand } from './commands/registry.ts';
import { shown, type Follow, type LineResult, type PlayedScript } from './outcome.ts';
import type { DrawPicture, Person, Wish } from './input/person.ts';
import type { Place } from './json.ts';
import type { Printer } from './printer.ts';
import { visible } from './output/visible.ts';
import { Session } from './session.ts';
import type { Terminal } from './terminal.ts';

/** Lessons tell of a snapshot every five events, whatever the person's own shop is set to. */
const LESSON_SNAPSHOTS = 5;

const PROMPTS_PASSED_OVER = 'prompts that were copied along are passed over';

/** How long the lines of a script that somebody has called for run on before Ctrl-C is heard again. */
const WITHOUT_PAUSE_MS = 20;

/** The status of what Ctrl-C has ended. */
const INTERRUPTED = 130;

/** How deep `run` may be nested. */
const DEEPEST = 8;

/** A source of lines: what messages call it, and the file that JSON names. */
interface Source {
  readonly name: string;
  readonly file?: string;
  readonly lines: LineBatches;
  /** Every line is shown, and comments are narration. */
  readonly narrate?: boolean;
}

export class Runner {
  readonly #session: Session;
  readonly #printer: Printer;
  readonly #terminal: Terminal;
  readonly #depth: number;

  constructor(session: Session, printer: Printer, terminal: Terminal, depth = 0) {
    this.#session = session;
    this.#printer = printer;
    this.#terminal = terminal;
    this.#depth = depth;
  }

  /**
   * Plays a source to its end, or to its first error unless the session keeps going. Resolves to the first
   * error.
   */
  async play({ name, file, lines, narrate = false }: Source): Promise<Refusal | undefined> {
    const { settings } = this.#session;
    let first: Refusal | undefined;
    let open: { text: string; line: number } | undefined;
    let line = 0;
    let unheardUntil = Date.now() + WITHOUT_PAUSE_MS;
    for await (const batch of lines) {
      for (const read of batch) {
        line++;
        const raw = typeof read === 'string' ? withoutPrompt(read, isCommand) : read;
        if (raw !== read) await this.#printer.remarkOnce(PROMPTS_PASSED_OVER);
        if (typeof raw === 'string' && (settings.echo || narrate)) {
          const echoing = this.#printer.echo(raw, open !== undefined);
          if (echoing) await echoing;
        }
        const text = raw instanceof Refusal ? raw : continueLine(open?.text, raw);
        const place: Place = { line: open?.line ?? line, file, source: name };
        const error = await this.line(text, place);
        if (error === 'incomplete' && typeof text === 'string') {
          open = { text, line: place.line };
          continue;
        }
        open = undefined;
        if (error instanceof Refusal) first ??= error;
        const { exit, sitting } = this.#session;
        if (sitting.interrupted && this.#depth === 1) {
          await this.#printer.remark(`  stopped after line ${line} of ${visible(name)}`);
        }
        if (exit || sitting.interrupted || (error && !settings.keepGoing)) return first;
        if (this.#printer.isFull) await this.#printer.settle();
        if (this.#depth > 0 && Date.now() > unheardUntil) {
          await this.#printer.pause();
          unheardUntil = Date.now() + WITHOUT_PAUSE_MS;
        }
      }
      await this.#printer.settle();
    }
    if (open) {
      const error = new Refusal(
        'USAGE',
        'an open quote, or a \\ at the end of the line, and nothing after it',
        { hint: "cancel --reason 'too late'" },
      );
      await this.#show({ command: '', error }, { line: open.line, file, source: name });
      first ??= error;
    }
    return first;
  }

  /**
   * Runs one line and shows what came of it; a line that could not be read comes as its refusal. Resolves to
   * its error, if any; 'incomplete' when it goes on on the next line.
   */
  async line(text: string | Refusal, place: Place): Promise<Refusal | undefined | 'incomplete'> {
    if (text instanceof Refusal) return this.finish({ command: '', error: text }, place);
    const result = await execute(text, this.#session);
    return result === undefined || result === 'incomplete' ? result : this.finish(result, place);
  }

  /**
   * Shows what came of a line, and plays the script that it asks for. Resolves to its error, if any; a promise
   * only where there is something to wait for (bench: 100,000 piped commands).
   */
  finish(result: LineResult, place: Place): Refusal | undefined | Promise<Refusal | undefined> {
    const { outcome, asked, error, noticed = [] } = result;
    if (noticed.length > 0 || asked !== undefined || outcome?.script || outcome?.browse || outcome?.follow)
      return this.#finishInSteps(result, place);
    const showing = this.#show(result, place);
    return showing ? showing.then(() => error) : error;
  }

  async #finishInSteps(result: LineResult, place: Place): Promise<Refusal | undefined> {
    const { outcome, asked, noticed = [] } = result;
    for (const sentence of noticed) await this.#printer.remark(`  ${visible(sentence)}`);
    if (asked !== undefined) {
      this.#session.sitting.history?.add(asked);
      // Below the questions, which stood on the screen themselves.
      this.#printer.write('\n');
      await this.#printer.echo(asked, false);
    }
    if (outcome?.script) return this.#playWithin(result.command, outcome.script, place);
    if (outcome?.follow && !result.error) return this.#follow(result.command, outcome.follow, place);
    const { settings, sitting } = this.#session;
    const { person } = sitting;
    if (outcome?.browse && person?.browse && !result.error && settings.format === 'table') {
      this.#printer.flush();
      const { count, draw } = outcome.browse;
      await person.browse(count, await this.#printer.drawing(draw));
      return undefined;
    }
    await this.#show(result, place);
    return result.error;
  }

  // What goes on coming, as lines or as pictures, until somebody stops it: at a prompt one is back there then,
  // anything else ends as Ctrl-C ends it.
  async #follow(command: string, follow: Follow, place: Place): Promise<Refusal | undefined> {
    if (place.file !== undefined) {
      const message = `${command} goes on until Ctrl-C: no file can hold it`;
      const error = new Refusal('USAGE', message, { hint: `orderlab --store shop.db ${command}` });
      await this.#show({ command, error }, place);
      return error;
    }
    const { sitting, settings } = this.#session;
    const stop = new AbortController();
    sitting.stop = () => stop.abort();
    if (!sitting.history) this.#terminal.onInterrupt(sitting.stop);
    try {
      const { pictures } = follow;
      const show = pictures && settings.format === 'table' ? sitting.pictures : undefined;
      const how = show
        ? await show((signal) => this.#draw(pictures!(signal)), stop)
        : await this.#showPieces(command, follow, stop.signal, place);
      if (how === 'interrupted' && !sitting.history) this.#session.exit = { status: INTERRUPTED };
      return undefined;
    } catch (thrown) {
      const result = { command, ...explainThrown(thrown) };
      await this.#show(result, place);
      return result.error;
    } finally {
      sitting.stop = undefined;
    }
  }

  async #showPieces(
    command: string,
    { pieces }: Follow,
    stop: AbortSignal,
    place: Place,
  ): Promise<'interrupted'> {
    for await (const together of pieces(stop)) {
      for (const { outcome, noticed = [] } of together) {
        for (const sentence of noticed) await this.#printer.remark(`  ${visible(sentence)}`);
        if (outcome) await this.#show({ command, outcome }, place);
      }
      await this.#printer.pause();
    }
    return 'interrupted';
  }

  async *#draw(pictures: ReturnType<NonNullable<Follow['pictures']>>): AsyncIterable<DrawPicture> {
    this.#printer.flush();
    for await (const picture of pictures) yield await this.#printer.drawing(picture);
  }

  // What a command asked to have played: in this shop, or, for a demonstration, in one of its own that is
  // gone afterwards.
  async #playWithin(command: string, script: PlayedScript, place: Place): Promise<Refusal | undefined> {
    const depth = this.#depth + 1;
    if (depth > DEEPEST) {
      const error = new Refusal(
        'USAGE',
        `scripts are nested more than ${DEEPEST} deep: does ${script.name} run itself?`,
        { hint: 'help run' },
      );
      await this.#show({ command, error }, place);
      return error;
    }
    const { name, lines, demonstration: lesson } = script;
    const session = lesson ? await this.#demonstrationSession() : this.#session;
    // Below the line that somebody typed.
    if (lesson && session.sitting.history) this.#printer.write('\n');
    const runner = new Runner(session, this.#printer, this.#terminal, depth);
    const person = script.step && session.settings.format === 'table' ? session.sitting.person : undefined;
    const stepwise = lesson && person;
    const error = stepwise
      ? await this.#playStepwise(lesson, person, depth)
      : await runner.play({ name, file: name, lines, narrate: lesson !== undefined });
    if (error === 'left') return undefined;
    if (lesson?.exercise && !error && !this.#session.sitting.interrupted) {
      await this.#session.openExercise(lesson);
      this.#session.service.snapshots.every = LESSON_SNAPSHOTS;
      await this.#show({ command, outcome: openedExercise(lesson.name, lesson.exercise.goal) }, place);
      return undefined;
    }
    // In JSON every command has its line, this one too; for people the error has been shown where it
    // happened.
    if (session.settings.format === 'json') {
      const data = { [command]: { script: name } };
      await this.#show({ command, outcome: shown(data, () => ''), error }, place);
    }
    return error;
  }

  // A step at a time, as the person wishes: what comes is shown, and run when they say so. One step back is
  // all steps again but the last, unseen, in a fresh shop: the same commands at the same times make the same
  // log. What the person types happens in a copy of the shop, made the same way.
  async #playStepwise({ name, script }: Lesson, person: Person, depth: number): Promise<'left' | undefined> {
    const steps = splitSteps(script);
    const of = steps.filter(hasCommand).length;
    const shopAfter = async (count: number) => {
      const session = await this.#demonstrationSession();
      session.settings.echo = false;
      for (const step of steps.slice(0, count)) await execute(step.join('\n'), session);
      return session;
    };
    let session = await shopAfter(0);
    let copy: Session | undefined;
    let waits = true;
    let narrated: number | undefined;
    for (let at = 0; at < steps.length;) {
      const step = steps[at]!;
      await this.#showStep(step, at !== narrated);
      narrated = at;
      const where = { at: steps.slice(0, at + 1).filter(hasCommand).length, of };
      const wish: Wish = hasCommand(step) && waits ? await person.wish(where) : 'next';
      if (wish === 'leave') return 'left';
      if (wish === 'type') {
        copy ??= await shopAfter(at);
        await this.#typeOwn(`${visible(name)}, your own> `, copy, person, depth);
        continue;
      }
      copy = undefined;
      if (wish === 'back') {
        at = Math.max(0, at - 1);
        session = await shopAfter(at);
        continue;
      }
      waits &&= wish !== 'end';
      const runner = new Runner(session, this.#printer, this.#terminal, depth);
      const error = await runner.play({ name, file: name, lines: inOneBatch(step) });
      if (this.#session.sitting.interrupted) return 'left';
      // A step that failed stays: one may look round, go back or leave.
      if (error) waits = true;
      else at++;
    }
    return undefined;
  }

  // The command as if it had been typed, with its narration the first time.
  async #showStep(step: readonly string[], narrates: boolean): Promise<void> {
    let goesOn = false;
    for (const line of step) {
      if (goesOn || narrates || !isRemark(line)) await this.#printer.echo(line, goesOn);
      goesOn ||= !isRemark(line);
    }
    this.#printer.flush();
  }

  async #typeOwn(prompt: string, copy: Session, person: Person, depth: number): Promise<void> {
    const line = await person.readLine(prompt);
    if (line === undefined) return;
    await new Runner(copy, this.#printer, this.#terminal, depth).line(line, { line: 0 });
  }

  async #demonstrationSession(): Promise<Session> {
    const settings = { ...this.#session.settings, keepGoing: false, snapshotEvery: LESSON_SNAPSHOTS };
    const clock = steppingClock(Date.parse(TRANSCRIPT_START));
    const session = await Session.open(settings, clock, { sitting: this.#session.sitting });
    session.isLesson = true;
    return session;
  }

  // Nothing to wait for unless a table must be drawn: most lines are shown at once (bench: 100,000 piped
  // commands). A view that cannot show something is a bug like any other, and no reason to lose the session.
  #show(result: LineResult, place: Place): void | Promise<void> {
    if (result.bug instanceof Error && this.#terminal.env['ORDERLAB_DEBUG']) {
      this.#terminal.stderr.write(`${result.bug.stack}\n`);
    }
    try {
      const showing = this.#printer.result(result, place);
      return showing && showing.catch((bug: unknown) => this.#showBug(bug, result, place));
    } catch (bug) {
      return this.#showBug(bug, result, place);
    }
  }

  #showBug(bug: unknown, { command }: LineResult, place: Place): void | Promise<void> {
    return this.#printer.result({ command, ...explainThrown(bug) }, place);
  }
}

/** How many lines an open quote may swallow. */
const MOST_CONTINUED = 1000;

function isRemark(line: string): boolean {
  return line.trim() === '' || /^\s*#(?!\d)/.test(line);
}

function hasCommand(step: readonly string[]): boolean {
  return !step.every(isRemark);
}

// A command and the comments before it; what follows the last command stands alone.
function splitSteps(lines: readonly string[]): readonly (readonly string[])[] {
  const steps: string[][] = [[]];
  let open: string | undefined;
  for (const line of lines) {
    steps.at(-1)!.push(line);
    open = open === undefined ? line : `${open}\n${line}`;
    const goesOn = tokenize(open, () => '') === 'incomplete';
    if (!goesOn && !isRemark(open)) steps.push([]);
    if (!goesOn) open = undefined;
  }
  return steps.filter((step) => step.length > 0);
}

/** A line and what it continues, as one; too long is too long also in pieces. */
export function continueLine(before: string | undefined, line: string): string | Refusal {
  if (before === undefined) return line;
  const text = `${before}\n${line}`;
  if (text.length > MAX_LINE_BYTES) return tooLong();
  if (text.split('\n', MOST_CONTINUED + 1).length <= MOST_CONTINUED) return text;
  return new Refusal(
    'USAGE',
    `this line goes on for more than ${MOST_CONTINUED} lines: is a quote left open?`,
    { hint: "cancel --reason 'too late'" },
  );
}
