/* Asks the registry although there is a copy that could be served instead. Then it has to begin its answer soon. */
import { UnreachableRegistry } from '../answers.ts';
import type { ArchiveRegistry } from '../wanted.ts';

/** Milliseconds for the registry to begin its answer: if the copy is a new one, or an older one. */
const ANSWER_BEGINS = 5_000;
const ANSWER_BEGINS_LATE = 15_000;
/** Milliseconds after which a copy is an older one. */
const OLDER = 60 * 60_000;

export interface AnswerBeginsOptions {
  readonly registry: Pick<ArchiveRegistry, 'isWorthAsking' | 'tooLate'>;
  readonly url: URL;
  /** When the registry sent or confirmed the copy; undefined if no copy may be served. Called when it matters. */
  readonly checkedAt: () => Promise<number | undefined> | number | undefined;
  /** Aborts the request. */
  readonly abort: () => void;
  /** Aborted when the client is gone, which says nothing about the registry. */
  readonly gone: AbortSignal | undefined;
}

/** @throws UnreachableRegistry if the registry is silent. */
export async function answerBegins<Answer>(
  ask: () => Promise<Answer>,
  { registry, url, checkedAt, abort, gone }: AnswerBeginsOptions,
): Promise<Answer> {
  if (!registry.isWorthAsking(url) && (await checkedAt()) !== undefined)
    throw new UnreachableRegistry('the registry does not answer');
  const progress = { isLate: false, isOver: false };
  const end = (): void => {
    progress.isLate = true;
    abort();
  };
  const look = async (): Promise<void> => {
    const before = await checkedAt();
    if (before === undefined || progress.isOver) return;
    if (Date.now() - before <= OLDER) end();
    else late = setTimeout(end, ANSWER_BEGINS_LATE - ANSWER_BEGINS);
  };
  let late = setTimeout(() => void look(), ANSWER_BEGINS);
  try {
    return await ask();
  } catch (error) {
    if (progress.isLate && gone?.aborted !== true) registry.tooLate(url);
    throw error;
  } finally {
    progress.isOver = true;
    clearTimeout(late);
  }
}
