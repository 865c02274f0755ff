import { TarwardenError } from '@tarwarden/core/errors';

/** The reason why a folder could not be sealed, checked or removed. */
export interface FailedSeal {
  readonly status: 'failed';
  readonly reason: string;
}

/** The result of a task, or the reason why it has none. Other errors are bugs, and stay errors. */
export async function orFailed<T>(task: () => Promise<T>): Promise<T | FailedSeal> {
  try {
    return await task();
  } catch (error) {
    if (!(error instanceof TarwardenError)) throw error;
    return { status: 'failed', reason: error.message };
  }
}
