// Written by `pnpm rules`, from the formats.

/** Archive formats that the core inspects. */
export type Format = 'npm' | 'yarn-zip';
