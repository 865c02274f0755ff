import { serveInspections } from '@tarwarden/host';

// A program of its own, run in a thread: see `startInspector`.
serveInspections();
