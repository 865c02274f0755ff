/** Inspects archives for guards in other languages, and reports their questions to the wrapper. */
export { SERVICE_ENVIRONMENT } from './protocol.ts';
export { ArchiveFileError, readSeenArchive } from './read-archive.ts';
export { runInspected, type InspectedRun } from './run.ts';
export { startInspectionService, type InspectionService, type ServiceOptions } from './service.ts';
