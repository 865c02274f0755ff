/* Messages to the user. They go to standard error, because pnpm 12 uses standard output for its protocol. */

export type HookErrorCode = 'REJECTED' | 'STORE_MISMATCH' | 'NOT_INSPECTED' | 'UNSUPPORTED_PNPM';

/** The error that pnpm shows for a refusal. pnpm 10 and 11 print the code. pnpm 12 prints the stack, which is therefore one line. */
export class HookError extends Error {
  override readonly name = 'TarwardenError';
  readonly code: string;
  readonly reason: HookErrorCode;

  constructor(reason: HookErrorCode, message: string, options?: { cause?: unknown }) {
    super(`tarwarden: ${message}`, options);
    this.reason = reason;
    this.code = `ERR_PNPM_TARWARDEN_${reason}`;
    this.stack = this.message;
  }
}

/** The error for a package or setting that cannot be inspected, so that nothing is installed. */
export function notInspectedError(message: string, options?: { cause?: unknown }): HookError {
  return new HookError('NOT_INSPECTED', message, options);
}

/** Shows each message once, also if several hooks report it. */
export class Messages {
  readonly #shownBlocks = new Set<string>();

  /** Prints a block. The caller has escaped all foreign text. */
  show(block: string): void {
    if (this.#shownBlocks.has(block)) return;
    this.#shownBlocks.add(block);
    process.stderr.write(`\n${block.trimEnd()}\n\n`);
  }

  /** Prints a warning of one line. */
  warn(text: string): void {
    this.show(`tarwarden: ${text}`);
  }
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** An optional package that the registry does not have: pnpm installs the others without it. */
export class MissingError extends Error {}

export function missing({ id }: { readonly id: string }, messages: Messages): MissingError {
  const message = `${id}, which is optional, is not on its registry (404), and is left out`;
  messages.warn(message);
  return new MissingError(`tarwarden: ${message}`);
}
