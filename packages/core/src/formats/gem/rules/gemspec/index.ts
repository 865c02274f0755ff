import type { GemspecRule } from '../../gemspec-rule.ts';
import { gemspecTargetMissing } from './gemspec-target-missing.ts';
import { gemExtension } from './gem-extension.ts';
import { gemPlugin } from './gem-plugin.ts';
import { gemspecDuplicateKey, gemspecInvalid } from './gemspec-unreadable.ts';
import {
  gemspecPathEscapes,
  gemspecUnknownField,
  gemspecUnsafeClass,
  gemspecUnsafeName,
} from './gemspec-unsafe.ts';
import {
  gemspecFileNameMismatch,
  gemspecNameMismatch,
  gemspecVersionMismatch,
} from './gemspec-mismatch.ts';

export const gemspecRules: readonly GemspecRule[] = [
  gemspecDuplicateKey,
  gemspecFileNameMismatch,
  gemspecInvalid,
  gemspecNameMismatch,
  gemspecPathEscapes,
  gemspecTargetMissing,
  gemspecUnknownField,
  gemspecUnsafeClass,
  gemspecUnsafeName,
  gemspecVersionMismatch,
  gemPlugin,
  gemExtension,
];
