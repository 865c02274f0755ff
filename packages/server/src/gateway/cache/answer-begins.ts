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
  /** When the registry sent or confirmed the copy; undefined if no copy may be served. */
  readonly checkedAt: number | undefined;
  /** The signal of the request, and what aborts it. */
  readonly signal: AbortSignal;
  readonly abort: () => void;
  /** Aborted when the client is gone, which says nothing about the registry. */
  readonly gone: AbortSignal | undefined;
}

/** @throws UnreachableRegistry if the registry is silent. */
export async function answerBegins<Answer>(
  ask: () => Promise<Answer>,
  { registry, url, checkedAt, signal, abort, gone }: AnswerBeginsOptions,
): Promise<Answer> {
  if (checkedAt === undefined) return ask();
  if (!registry.isWorthAsking(url)) throw new UnreachableRegistry('the registry does not answer');
  const isOlder = Date.now() - checkedAt > OLDER;
  const late = setTimeout(abort, isOlder ? ANSWER_BEGINS_LATE : ANSWER_BEGINS);
  try {
    return await ask();
  } catch (error) {
    if (signal.aborted && gone?.aborted !== true) registry.tooLate(url);
    throw error;
  } finally {
    clearTimeout(late);
  }
}
