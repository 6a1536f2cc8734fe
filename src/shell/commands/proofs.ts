// Proof that only the log matters: projections thrown away and rebuilt, fed the same event twice, and every promise checked.
import { Argument } from 'commander';
import { Refusal } from '../../errors.ts';
import { eventId } from '../../events/event-types.ts';
import { findEvent } from './arguments.ts';
import { anyEvent } from './candidates.ts';
import type { ShellCommand } from './command.ts';

const rebuild: ShellCommand = {
  name: 'rebuild',
  group: 'show how',
  usage: '',
  summary: 'throw the projections away and read the log again',
  examples: ['rebuild', 'verify'],
  seeAlso: ['redeliver', 'verify'],
  declare: (command) => command,
  async run(_input, session) {
    return { kind: 'rebuild', data: { rebuild: await session.service.rebuild() } };
  },
};

const redeliver: ShellCommand = {
  name: 'redeliver',
  group: 'show how',
  usage: '<event>',
  summary: 'feed the projections an event that they have had',
  examples: ['redeliver order-1@1', 'redeliver #1'],
  candidates: anyEvent,
  seeAlso: ['rebuild', 'event'],
  declare: (command) => command.argument('<event>', 'order-1@3, or #7 for a position'),
  async run(input, session) {
    const event = await findEvent(input.words[0] ?? '', session);
    if (event instanceof Refusal) return event;
    const report = await session.service.redeliver(event);
    if (report instanceof Refusal) return report.withHint('projections step');
    return {
      kind: 'redeliver',
      data: { redeliver: { event: eventId(event), ...report } },
    };
  },
};

const verify: ShellCommand = {
  name: 'verify',
  group: 'show how',
  usage: '',
  summary: 'check every promise of the log and its read models',
  examples: ['saga --fail=shipping', 'verify'],
  seeAlso: ['rebuild', 'log'],
  declare: (command) => command,
  async run(_input, session) {
    const checks = await session.service.verify();
    const broken = checks.filter(({ ok }) => !ok);
    const [first] = broken;
    return {
      kind: 'verify',
      data: { verify: { ok: broken.length === 0, checks } },
      failure:
        first &&
        new Refusal('EXPECTATION', `${first.rule}: this does not hold (${first.detail})`, { hint: 'log' }),
    };
  },
};

const ACTIONS = ['pause', 'step', 'resume', 'retry', 'skip'] as const;

const projections: ShellCommand = {
  name: 'projections',
  group: 'show how',
  usage: '[pause|step|resume|retry|skip]',
  summary: 'hold the projections, feed them event by event, get them going again',
  examples: ['projections pause', 'projections resume'],
  candidates: ({ words }) => (words.length > 0 ? [] : ACTIONS.map((value) => ({ value }))),
  seeAlso: ['rebuild', 'redeliver', 'analytics'],
  declare: (command) => command.addArgument(new Argument('[action]').choices(ACTIONS)),
  async run(input, { service }) {
    const [action] = input.words;
    let more: { delivered?: string; caughtUp?: number } = {};
    if (action === 'pause') service.pauseProjections();
    if (action === 'retry' || action === 'skip') {
      if (service.faults().length === 0) {
        return new Refusal('RULE_VIOLATION', 'no projection has stopped', { hint: 'projections' });
      }
      await (action === 'retry' ? service.retryProjections() : service.skipProjections());
    }
    if (action === 'resume') more = { caughtUp: await service.resumeProjections() };
    if (action === 'step') {
      const event = await service.stepProjections();
      if (!event)
        return new Refusal('RULE_VIOLATION', 'the projections are at the end of the log', {
          hint: 'projections resume',
        });
      more = { delivered: eventId(event) };
    }
    return { kind: 'projections', data: { projections: { ...service.projections(), ...more } } };
  },
};

export const proofCommands: readonly ShellCommand[] = [projections, rebuild, redeliver, verify];
