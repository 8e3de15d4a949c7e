CREATE TABLE `platform_secrets` (
	`orgId` text DEFAULT '' NOT NULL,
	`projectId` text DEFAULT '' NOT NULL,
	`name` text PRIMARY KEY NOT NULL,
	`sealed` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `simulations` (
	`orgId` text NOT NULL,
	`projectId` text NOT NULL,
	`simId` text NOT NULL,
	`capsuleDigest` text NOT NULL,
	`kind` text NOT NULL,
	`environment` text,
	`replayOf` text,
	`observedBy` text NOT NULL,
	`status` text NOT NULL,
	`outcome` text,
	`failure` text,
	`nodeCount` integer NOT NULL,
	`seedCount` integer NOT NULL,
	`startedAt` integer NOT NULL,
	`startedBy` text NOT NULL,
	`endedAt` integer,
	`activeUntil` integer NOT NULL,
	`envelopeSha256` text,
	`eventSeq` integer,
	PRIMARY KEY(`orgId`, `simId`),
	FOREIGN KEY (`orgId`,`projectId`) REFERENCES `projects`(`orgId`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `simulations_started` ON `simulations` (`orgId`,`projectId`,`startedAt`);--> statement-breakpoint
CREATE INDEX `simulations_envelope` ON `simulations` (`orgId`,`projectId`,`envelopeSha256`);--> statement-breakpoint
CREATE INDEX `simulations_active` ON `simulations` (`orgId`,`status`,`activeUntil`);