import { loadPolicy } from '@tarwarden/guard';

/** Loads the policy of the folder in `PROJECT`, and says what came of it. */
try {
  loadPolicy({ cwd: process.env['PROJECT'], env: process.env });
  console.log('loaded');
} catch (error) {
  console.log((error as { code?: string }).code, (error as Error).message);
}
