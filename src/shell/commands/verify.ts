// `verify`: every promise of the log, checked.
import { Refusal } from '../../errors.ts';
import type { ShellCommand } from './command.ts';
import { writeWords } from '../input/tokenize.ts';
import { shown } from '../outcome.ts';
import type { Style } from '../output/style.ts';
import type { ViewContext } from '../output/view.ts';
import type { Session } from '../session.ts';
import type { Check } from '../../verify.ts';

export const verifyCommand: ShellCommand = {
  name: 'verify',
  group: 'show how',
  summary: 'check every promise of the log and its read models',
  examples: ['saga --fail=shipping', 'verify'],
  seeAlso: ['rebuild', 'log'],
  readsOnly: true,
  declare: (command) => command,
  async run(_input, session) {
    const checks = await session.service.verify();
    const broken = checks.filter(({ ok }) => !ok);
    return shown(
      { verify: { ok: broken.length === 0, checks } },
      view,
      broken.length === 0 ? undefined : summarize(broken, session),
    );
  },
};

function summarize(broken: readonly Check[], { service }: Session): Refusal {
  const abouts = broken.flatMap(({ findings }) => findings.map(({ about }) => about));
  const found = broken.reduce((sum, check) => sum + check.found, 0);
  const what = found === 1 ? `a rule is broken by ${abouts[0]}` : `a rule is broken ${found} times`;
  const message =
    broken.length === 1
      ? `${what}: ${broken[0]?.rule}`
      : `${broken.length} rules are broken, first by ${abouts[0]}; ${found} breaches in all`;
  const event = abouts.find((about) => /@\d+$/.test(about));
  const elsewhere = service.faults().length > 0 ? 'projections' : 'log';
  const hint = event === undefined ? elsewhere : writeWords(['event', event]);
  return new Refusal('EXPECTATION', message, { hint });
}

function view(
  data: { readonly verify: { readonly checks: readonly Check[] } },
  { style, width = Infinity }: ViewContext,
): string {
  const { checks } = data.verify;
  const wide = Math.max(...checks.map(({ rule }) => rule.length));
  const longest = Math.max(...checks.map(({ detail }) => detail.length));
  const room = width > wide + longest + 7;
  return checks
    .map((check) => {
      const { rule, ok, detail } = check;
      const mark = ok ? style.good(style.sign.check) : style.bad(style.sign.cross);
      const beside = room ? `${' '.repeat(wide - rule.length)}  ${style.dim(detail)}` : '';
      return `  ${mark} ${rule}${beside}\n${viewFindings(check, style)}`;
    })
    .join('');
}

function viewFindings({ findings, found }: Check, { sign }: Style): string {
  const wide = Math.max(0, ...findings.map(({ about }) => about.length));
  const lines = findings.map(({ about, problem }) => `      ${about.padEnd(wide)}  ${problem}\n`);
  const more = found - findings.length;
  return lines.join('') + (more > 0 ? `      ${sign.cut} ${more} more\n` : '');
}
