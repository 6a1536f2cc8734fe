// Plays lines: each is executed, printed, and, when it asks for a script, that script is played through here
// as well. So a typed line, a piped one, a file and the tour all take the same way.
import { Refusal } from '../errors.ts';
import { execute, explainThrown } from './execute.ts';
import { playLecture } from './lecture.ts';
import { DEEPEST } from './input/files.ts';
import { continueLine } from './input/lines.ts';
import { withoutPrompt } from './input/transcript.ts';
import { isCommand } from './commands/registry.ts';
import { shown, type Follow, type LineResult, type PlayedScript } from './outcome.ts';
import type { DrawPicture } from './input/person.ts';
import type { Place } from './json.ts';
import type { Printer } from './printer.ts';
import { visible } from './output/visible.ts';
import type { Session } from './session.ts';
import type { Source, Stage } from './source.ts';
import type { Lecture } from './teaching/exercises.ts';
import type { Terminal } from './terminal.ts';

const PROMPTS_PASSED_OVER = 'prompts that were copied along are passed over';

/** How long the lines of a script that somebody has called for run on before Ctrl-C is heard again. */
const WITHOUT_PAUSE_MS = 20;

/** The status of what Ctrl-C has ended. */
const INTERRUPTED = 130;

/** The error of a line that was shown, if any; a promise only where there is something to wait for. */
type Shown = Refusal | undefined | Promise<Refusal | undefined>;

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
  async play({ name, file, lines, numbers, narrate = false }: Source): Promise<Refusal | undefined> {
    const { settings } = this.#session;
    let first: Refusal | undefined;
    let open: { text: string; line: number } | undefined;
    let count = 0;
    let unheardUntil = Date.now() + WITHOUT_PAUSE_MS;
    for await (const batch of lines) {
      for (const read of batch) {
        const line = numbers?.[count] ?? count + 1;
        count++;
        const raw = typeof read === 'string' ? withoutPrompt(read, isCommand) : read;
        // What is echoed shows it already.
        if (raw !== read && !settings.echo) await this.#printer.remarkOnce(PROMPTS_PASSED_OVER);
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
  finish(result: LineResult, place: Place): Shown {
    const { outcome, asked, noticed = [] } = result;
    const { script, browse, follow, text } = outcome ?? {};
    if (noticed.length > 0 || asked !== undefined || script || browse || follow || text)
      return this.#finishInSteps(result, place);
    return this.#show(result, place);
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
    if (outcome?.script && !result.error) {
      // What there is to show besides comes first.
      if (Object.keys(outcome.data).length > 0) await this.#show(result, place);
      if ('lesson' in outcome.script) return this.#playLesson(result, outcome.script, place);
      return this.#playWithin(result.command, outcome.script, place);
    }
    if (outcome?.follow && !result.error) return this.#follow(result.command, outcome.follow, place);
    if (outcome?.text && !result.error) return this.#write(result.command, outcome.text, place);
    const { settings, sitting } = this.#session;
    const { person } = sitting;
    if (outcome?.browse && person?.browse && !result.error && settings.format === 'table') {
      this.#printer.flush();
      const { count, draw } = outcome.browse;
      await person.browse(count, await this.#printer.drawing(draw));
      return undefined;
    }
    return this.#show(result, place);
  }

  // What goes on coming, as lines or as pictures, until somebody stops it: at a prompt one is back there then,
  // anything else ends as Ctrl-C ends it.
  async #follow(command: string, follow: Follow, place: Place): Promise<Refusal | undefined> {
    if (place.file !== undefined) {
      const message = `${command} goes on until Ctrl-C: no file can hold it`;
      const error = new Refusal('USAGE', message, { hint: `orderlab --store shop.db ${command}` });
      return this.#show({ command, error }, place);
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
      return await this.#show({ command, ...explainThrown(thrown) }, place);
    } finally {
      sitting.stop = undefined;
    }
  }

  async #write(command: string, text: AsyncIterable<string>, place: Place): Promise<Refusal | undefined> {
    try {
      await this.#printer.asItIs(text);
      return undefined;
    } catch (thrown) {
      return await this.#show({ command, ...explainThrown(thrown) }, place);
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

  // One nesting deeper.
  #within(session: Session): Runner {
    return new Runner(session, this.#printer, this.#terminal, this.#depth + 1);
  }

  // What a command asked to have played in this shop.
  async #playWithin(
    command: string,
    { name, lines }: PlayedScript,
    place: Place,
  ): Promise<Refusal | undefined> {
    if (this.#depth >= DEEPEST) {
      const message = `scripts are nested more than ${DEEPEST} deep: does ${name} run itself?`;
      const error = new Refusal('USAGE', message, { hint: 'help run' });
      return this.#show({ command, error }, place);
    }
    const error = await this.#within(this.#session).play({ name, file: name, lines });
    await this.#sayPlayed(command, name, error, place);
    return error;
  }

  // In JSON every command has its line, this one too; for people the error has been shown where it happened.
  async #sayPlayed(command: string, name: string, error: Refusal | undefined, place: Place): Promise<void> {
    if (this.#session.settings.format !== 'json') return;
    const data = { [command]: { script: name } };
    await this.#show({ command, outcome: shown(data, () => ''), error }, place);
  }

  async #playLesson({ command }: LineResult, lecture: Lecture, place: Place): Promise<Refusal | undefined> {
    const stage: Stage = {
      session: this.#session,
      printer: this.#printer,
      within: (session) => this.#within(session),
      show: async (result) => void (await this.#show({ command, ...result }, place)),
    };
    const error = await playLecture(lecture, stage);
    if (error === 'left' || error === 'opened') return undefined;
    await this.#sayPlayed(command, lecture.lesson.source, error, place);
    return error;
  }

  // Returns the error of the line. Nothing to wait for unless a table must be drawn: most lines are shown at once
  // (bench: 100,000 piped commands). A view that cannot show something is a bug like any other, and no reason to
  // lose the session.
  #show(result: LineResult, place: Place): Shown {
    return this.#afterStack(result, () => {
      try {
        const showing = this.#printer.result(result, place);
        if (!showing) return result.error;
        return showing.then(
          () => result.error,
          (bug: unknown) => this.#showBug(bug, result, place),
        );
      } catch (bug) {
        return this.#showBug(bug, result, place);
      }
    });
  }

  #showBug(bug: unknown, { command }: LineResult, place: Place): Shown {
    const result = { command, ...explainThrown(bug) };
    return this.#afterStack(result, () => {
      const showing = this.#printer.result(result, place);
      return showing ? showing.then(() => result.error) : result.error;
    });
  }

  // Where a bug happened is for whoever asked to see it.
  #afterStack({ bug }: LineResult, show: () => Shown): Shown {
    if (!(bug instanceof Error) || !this.#terminal.env['ORDERLAB_DEBUG']) return show();
    return import('./stack.ts').then(({ stackOf }) => {
      this.#terminal.stderr.write(`${stackOf(bug)}\n`);
      return show();
    });
  }
}
