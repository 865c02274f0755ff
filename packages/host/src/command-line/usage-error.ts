/** A mistake in the command line. Ends in exit code 2 and one line, never in a stack trace. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** Command whose `--help` says how it is used. */
  readonly command: string | undefined;

  constructor(message: string, command?: string) {
    super(message);
    this.command = command;
  }
}
