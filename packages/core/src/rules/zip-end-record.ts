import { defineRule, type Rule } from './define-rule.ts';

export const zipEndRecord: Rule<'zip-end-record'> = defineRule({
  id: 'zip-end-record',
  level: 'error',
  stopsReading: true,
  summary: 'The end record of the zip is missing, or does not fit the archive',
  remedy:
    'Delete the file and install again: it is cut short, or was put together by something else than Yarn. If it is committed to the repository, find out by what.',
});
