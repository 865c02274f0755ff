/**
 * Variables that keep Node, npm, pnpm and corepack from compiled code of earlier runs. A confined client gets them, because scripts of
 * packages can write to its temporary folder.
 */
export const NO_COMPILED_CODE = {
  DISABLE_V8_COMPILE_CACHE: '1',
  NODE_DISABLE_COMPILE_CACHE: '1',
} as const;
