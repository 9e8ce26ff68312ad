// Nothing to call: see NoTransport.c.
#ifndef WT_CNOTRANSPORT_H
#define WT_CNOTRANSPORT_H
#endif
