// `verify`: every promise of the log, checked.
import { Refusal } from '../../errors.ts';
import type { ShellCommand } from './command.ts';
import { shown } from '../outcome.ts';
import type { ViewContext } from '../output/view.ts';
import type { Check } from '../../verify.ts';

export const verifyCommand: ShellCommand = {
  name: 'verify',
  group: 'show how',
  summary: 'check every promise of the log and its read models',
  examples: ['saga --fail=shipping', 'verify'],
  seeAlso: ['rebuild', 'log'],
  declare: (command) => command,
  async run(_input, session) {
    const checks = await session.service.verify();
    const broken = checks.filter(({ ok }) => !ok);
    const [first] = broken;
    return shown(
      { verify: { ok: broken.length === 0, checks } },
      view,
      first &&
        new Refusal('EXPECTATION', `${first.rule}: this does not hold (${first.detail})`, { hint: 'log' }),
    );
  },
};

function view(
  data: { readonly verify: { readonly checks: readonly Check[] } },
  { style, width = Infinity }: ViewContext,
): string {
  const { check, cross } = style.sign;
  const wide = Math.max(...data.verify.checks.map(({ rule }) => rule.length));
  const longest = Math.max(...data.verify.checks.map(({ detail }) => detail.length));
  const room = width > wide + longest + 7;
  return data.verify.checks
    .map(({ rule, ok, detail }) => {
      const mark = ok ? style.good(check) : style.bad(cross);
      const beside = room ? `${' '.repeat(wide - rule.length)}  ${style.dim(detail)}` : '';
      return `  ${mark} ${rule}${beside}\n`;
    })
    .join('');
}
