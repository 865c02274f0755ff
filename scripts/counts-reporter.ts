import type { Reporter, TestModule } from 'vitest/node';

/**
 * Prints the plain line `N passed, N failed, N skipped` as the last of the run's output. A file that
 * could not be loaded, and an error outside any test, count as one failure each.
 */
export class CountsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const counts = { passed: 0, failed: unhandled.length, skipped: 0 };
    for (const module of modules) {
      let failedTests = 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'pending') counts.skipped += 1;
        else counts[state] += 1;
        if (state === 'failed') failedTests += 1;
      }
      if (failedTests === 0 && module.state() === 'failed') counts.failed += 1;
    }
    // At exit, after whatever the other reporters still have to say.
    process.once('exit', () => {
      process.stdout.write(
        `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`,
      );
    });
  }
}
