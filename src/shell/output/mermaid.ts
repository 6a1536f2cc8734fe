// Text in a Mermaid diagram. What people and logs say may hold quotes, `;`, `#`, line ends, whole statements of
// Mermaid's own: whatever is no plain letter, digit or harmless sign is written as its number, which Mermaid
// reads back. So a diagram is ASCII, too, and survives any slide.
import { visible } from './visible.ts';

/** So many characters of a text are shown: an arrow on a slide is short. */
const LONGEST = 80;

/** The text as Mermaid shows it, on one line. */
export function mermaidText(text: string): string {
  const characters = Array.from(joined(visible(text)));
  const cut = characters.length > LONGEST ? [...characters.slice(0, LONGEST), '…'] : characters;
  // A colon most of all: it ends the text of a state.
  return cut.map((char) => (/[A-Za-z0-9 .,$@/()-]/.test(char) ? char : `#${char.codePointAt(0)};`)).join('');
}

// What joins emoji belongs to them, although it cannot be seen.
function joined(text: string): string {
  return text.replaceAll(/\\u\{(200d|fe0f)\}/g, (_, code: string) =>
    String.fromCodePoint(parseInt(code, 16)),
  );
}
