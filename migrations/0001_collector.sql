CREATE TABLE `blob_leases` (
	`sha256` text NOT NULL,
	`orgId` text NOT NULL,
	`until` integer NOT NULL,
	PRIMARY KEY(`sha256`, `orgId`),
	FOREIGN KEY (`orgId`) REFERENCES `organization`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `blob_leases_until` ON `blob_leases` (`until`);--> statement-breakpoint
CREATE TABLE `collector` (
	`id` integer PRIMARY KEY NOT NULL,
	`lockedUntil` integer NOT NULL,
	`cycleStartedAt` integer,
	`phase` text NOT NULL,
	`cursor` text NOT NULL,
	`report` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `collector_projects` (
	`projectId` text PRIMARY KEY NOT NULL,
	`followedSeq` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `condemned_blobs` (
	`sha256` text PRIMARY KEY NOT NULL,
	`condemnedAt` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `blobs` ADD `referencedAt` integer;--> statement-breakpoint
CREATE INDEX `blobs_sha256` ON `blobs` (`sha256`);--> statement-breakpoint
CREATE INDEX `blobs_unreferenced` ON `blobs` (`createdAt`) WHERE "referencedAt" IS NULL;