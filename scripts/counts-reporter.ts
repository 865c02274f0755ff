import type { Reporter, TestModule } from 'vitest/node';
import { missingPrograms } from '../test/support/requirements.ts';

/**
 * Prints the plain line `N passed, N failed, N skipped` as the last of the run's output, and before it which programs were missing for
 * how many of the skipped tests. A file that could not be loaded, and an error outside any test, count as one failure each.
 */
export class CountsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const counts = { passed: 0, failed: unhandled.length, skipped: 0 };
    const wanting = new Map<string, number>();
    let skippedForPrograms = 0;
    for (const module of modules) {
      let failedTests = 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'pending') counts.skipped += 1;
        else counts[state] += 1;
        if (state === 'failed') failedTests += 1;
        const missing = missingPrograms.filter((tag) => test.tags.includes(tag));
        if (state === 'skipped' && missing.length > 0) skippedForPrograms += 1;
        for (const tag of missing) wanting.set(tag, (wanting.get(tag) ?? 0) + 1);
      }
      if (failedTests === 0 && module.state() === 'failed') counts.failed += 1;
    }
    // At exit, after whatever the other reporters still have to say.
    process.once('exit', () => {
      if (skippedForPrograms > 0) {
        const programs = [...wanting].map(([tag, count]) => `${tag} (${count})`).join(', ');
        process.stdout.write(
          `${skippedForPrograms} tests were skipped because these programs are missing: ${programs}. To run everything: sudo bash scripts/system-packages.sh && npx -y pnpm@12 test:all\n`,
        );
      }
      process.stdout.write(
        `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`,
      );
    });
  }
}
