// The named maxima and the constants of the simulated protocol. Times are in microseconds of virtual time.

/** Hashes of traces compare only within one version (MESH.md M2): any change of behaviour or of a line moves it. */
export const SIMULATOR_VERSION = "1.0.0";

export const MESH_LIMITS = {
  nodes: 10,
  /** Lines of one run's trace; past it the run ends and fails. */
  traceLines: 5_000_000,
  /** Packets and timers that wait at once; past it the run ends and fails. */
  queuedEvents: 1_048_576,
  blobs: 9_000,
  services: 100,
  chunksOfBlob: 64,
  /** Chunks of a capsule beyond one for each file. */
  extraChunks: 4_096,
  /** Bytes that wait before a slow link; what comes on top is dropped. */
  linkQueueMicros: 10_000_000,
  /** Lives of one node: as many restarts as chaos can order, and the first. */
  incarnations: 100,
} as const;

export const PROTOCOL = {
  /** Chunks under way from one peer: the hundred-and-twenty-eighth part of all, within these; from all four times that. */
  peerWindow: [8, 128],
  chunksOfWindow: 128,
  peersOfNodeWindow: 4,
  /** How often one peer is asked for the same before another is, and a silent one left alone until it is heard of. */
  askAttempts: 3,
  /** How often a blob may fail its digest before the node gives up. */
  blobAttempts: 32,
  askTimeoutMin: 100_000,
  askTimeoutFirst: 500_000,
  askTimeoutMax: 4_000_000,
  announceMin: 500_000,
  announceMax: 2_000_000,
  /** In how many steps a node tells how far it is: one for so many blobs, within these. */
  progressSteps: [4, 32],
  blobsOfStep: 64,
  smallestChunkBytes: 16_384,
  packetHeaderBytes: 64,
  manifestBytes: 4_096,
  probesOfLink: 8,
  probeEvery: 500_000,
} as const;

/** How long a node's own work takes; where there are two numbers, the node's substream draws between them. */
export const WORK = {
  boot: [50_000, 250_000],
  /** Checking a signature or a service's digest. */
  check: 300,
  /** Hashing: bytes a microsecond. */
  hashBytesPerMicro: 256,
  store: [500, 3_000],
  startService: [20_000, 120_000],
} as const;

export const FAULTS = {
  /** A crashed node comes back by itself after this, if no restart comes sooner. */
  crashDown: 3_000_000,
  restartDown: 100_000,
  pause: 2_000_000,
  /** Where `chaosMode` draws its crash, and how long the node stays down. */
  drawnCrashAt: [0, 3_000_000],
  drawnDown: [100_000, 3_000_000],
  /** One of so many corrupted packets gets past the frame's checksum, and only digest or signature finds it. */
  slipsOneOf: 16,
} as const;
