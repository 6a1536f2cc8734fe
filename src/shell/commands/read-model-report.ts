// What a rebuild or a second delivery did to the read models, in a line.
import type { ProjectionReport } from '../../projections/feed.ts';
import type { Style } from '../output/style.ts';
import type { ViewContext } from '../output/view.ts';

export function describeFaults(faults: ProjectionReport['faults'], { bad, sign }: Style): string {
  return faults
    .map(
      ({ projection, position, message }) =>
        `  ${bad(sign.cross)} ${projection} stopped before #${position}: ${message}\n`,
    )
    .join('');
}

export function sameOrNot({ unchanged, faults }: ProjectionReport, { style }: ViewContext): string {
  if (faults.length > 0) return describeFaults(faults, style);
  return unchanged
    ? `  ${style.good(style.sign.check)} nothing changed: every read model is what it was\n`
    : `  ${style.warn(style.sign.changed)} the read models changed\n`;
}
