// Written by `pnpm rules`, from the files beside it.
import type { EntryRule, ReaderRule, TreeRule } from '../../../../rules/rule.ts';
import { rule as gemChecksumMismatch } from './gem-checksum-mismatch.ts';
import { rule as gemChecksumMissing } from './gem-checksum-missing.ts';
import { rule as gemExtendedHeader } from './gem-extended-header.ts';
import { rule as gemHomePath } from './gem-home-path.ts';
import { rule as gemLinkEscapes } from './gem-link-escapes.ts';
import { rule as gemMember } from './gem-member.ts';
import { rule as gemNotTar } from './gem-not-tar.ts';
import { rule as gemHeader } from './gem-header.ts';
import { rule as gemFolderDeleted } from './gem-folder-deleted.ts';
import { rule as gemFolderWritable } from './gem-folder-writable.ts';

export const gemGemRules: readonly (EntryRule | ReaderRule | TreeRule)[] = [
  gemChecksumMismatch,
  gemChecksumMissing,
  gemExtendedHeader,
  gemHomePath,
  gemLinkEscapes,
  gemMember,
  gemNotTar,
  gemHeader,
  gemFolderDeleted,
  gemFolderWritable,
];
