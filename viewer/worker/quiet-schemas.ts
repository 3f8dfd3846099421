import { config } from 'zod';

// Zod would try to compile its schemas with `new Function`, which the page's content security policy forbids and
// browsers complain of. This module comes before any that makes a schema.
config({ jitless: true });
