// How far something has come that takes its time: a bar where somebody watches; otherwise it is said once.

/** Where it can be shown, or at least said; see Sitting. */
interface Audience {
  readonly progress?: ((share: number) => void) | undefined;
  readonly remark?: ((text: string) => void) | undefined;
}

/** What takes longer, in milliseconds, is shown. */
const SOON = 500;

/** Returns what is to hear the share that is done, from 0 to 1, which ends it. `say` says what is being done. */
export function showProgress({ progress, remark }: Audience, say: () => string): (share: number) => void {
  const start = Date.now();
  let shown = false;
  return (share) => {
    if (!shown && (share === 1 || Date.now() - start < SOON)) return;
    if (progress) progress(share);
    else if (!shown) remark?.(say());
    shown = true;
  };
}
