import { serve } from '../../../packages/cli/src/archives/worker.ts';

/** A thread that dies of some paths, and says of all others that it read them. */
serve(({ path }) => {
  if (path === 'exit') process.exit(0);
  if (path === 'throw') throw new Error('thrown');
  return { path, error: { code: 'UNREADABLE', message: 'stand-in' } };
});
