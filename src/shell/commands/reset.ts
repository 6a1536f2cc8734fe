// `reset`: starting over.
import { Refusal } from '../../errors.ts';
import type { Shell, ShellCommand } from './command.ts';
import { prepare, taskOf, viewExercise } from './exercises.ts';
import { NOTHING_DONE, shown, type Outcome } from '../outcome.ts';
import { writeWords } from '../input/tokenize.ts';
import { plural } from '../output/describe.ts';
import type { Session } from '../session.ts';
import type { OpenExercise } from '../teaching/exercises.ts';

export const resetCommand: ShellCommand = {
  name: 'reset',
  group: 'session',
  summary: 'throw everything away and start again',
  examples: ['reset --yes', 'reset'],
  seeAlso: ['exit', 'store'],
  readsOnly: false,
  declare: (command) =>
    command
      .argument('[store]', 'the name of the store, where the log is kept')
      .option('--yes', 'without being asked'),
  async run(input, session, shell) {
    if (session.exercise) return startOver(session.exercise, session, shell);
    const { kept, service, sitting } = session;
    const events = service.position();
    const [typed] = input.words;
    const wrong = kept ? undefined : typed;
    if (wrong !== undefined)
      return new Refusal('USAGE', `this log is in memory, and not called ${wrong}`, { hint: 'reset --yes' });
    const asked = typed === undefined && kept ? await askForName(kept.name, session) : undefined;
    if (asked instanceof Refusal) return asked;
    if (kept && typed === undefined && asked === undefined) return NOTHING_DONE;
    const name = typed ?? asked;
    if (kept && name !== kept.name) {
      const message = `this store is called ${kept.name}, not ${name}`;
      return new Refusal('USAGE', message, { hint: writeWords(['reset', kept.name]) });
    }
    const again = writeWords(['reset', ...(kept ? [kept.name] : []), '--yes']);
    if (events > 0 && asked === undefined && !input.flag('yes')) {
      if (!sitting.ask) {
        const message = 'reset throws the whole log away, and nobody is here to ask';
        return new Refusal('USAGE', message, { hint: again });
      }
      if (!(await sitting.ask.confirm(`Throw ${events === 1 ? 'one event' : plural(events, 'event')} away?`)))
        return NOTHING_DONE;
    }
    await session.reset();
    if (!input.flag('yes') && sitting.ask) session.asked = again;
    const outcome = shown(
      { reset: { events } },
      ({ reset: gone }) => `  threw away ${plural(gone.events, 'event')}: the shop is empty\n`,
    );
    // A script that is played throws nothing away that is kept.
    return kept ? { ...outcome, again: 'reset --yes' } : outcome;
  },
};

// Nothing of an exercise is worth a question.
async function startOver(open: OpenExercise, session: Session, shell: Shell): Promise<Outcome | Refusal> {
  const unprepared = await prepare(open, session, shell);
  if (unprepared) return unprepared;
  const data = { reset: { lesson: open.lesson.name }, exercise: taskOf(open.lesson, open) };
  return shown(data, (told, context) => `  the exercise starts over\n${viewExercise(told, context)}`);
}

// What is kept may be the work of many: whoever throws it away says which it is.
async function askForName(
  name: string,
  { sitting, service }: Session,
): Promise<string | undefined | Refusal> {
  if (!sitting.ask) {
    const message = `${name} is kept: reset needs its name`;
    return new Refusal('USAGE', message, { hint: writeWords(['reset', name, '--yes']) });
  }
  const events = plural(service.position(), 'event');
  return sitting.ask.text(`Type ${name} to throw away its ${events}, for everybody`);
}
