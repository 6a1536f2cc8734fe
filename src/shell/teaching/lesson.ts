// A lesson is a script whose comments are its narration, and an exercise: a goal in words, and lines that
// check it. A teacher's own file has the same form: what stands before `# exercise: …` is played, what stands
// after it is checked.

export interface Lesson {
  readonly name: string;
  /** What it shows, in a sentence. */
  readonly about: string;
  readonly script: readonly string[];
  readonly exercise: Exercise | undefined;
}

export interface Exercise {
  readonly goal: string;
  /** Lines that all succeed when the goal is reached. */
  readonly checks: readonly string[];
}

const EXERCISE = /^#\s*exercise:\s*(.*)$/i;

/** Reads a lesson from its text. */
export function parseLesson(name: string, about: string, text: string): Lesson {
  const lines = text.trim().split(/\r?\n/);
  const at = lines.findIndex((line) => EXERCISE.test(line));
  if (at < 0) return { name, about, script: lines, exercise: undefined };
  const rest = lines.slice(at + 1);
  const more = rest.filter((line) => line.startsWith('#')).map((line) => line.replace(/^#\s*/, ''));
  const goal = [EXERCISE.exec(lines[at]!)![1]!, ...more].join(' ');
  const checks = rest.filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return { name, about, script: lines.slice(0, at), exercise: { goal, checks } };
}
