/** Inspects archives for guards in other languages, and reports to the wrapper what it was asked. */
export { SERVICE_ENVIRONMENT } from './protocol.ts';
export { ArchiveFileError, readSeenArchive } from './read-archive.ts';
export { runInspected, type InspectedRun } from './run.ts';
export { startInspectionService, type InspectionService, type ServiceOptions } from './service.ts';
