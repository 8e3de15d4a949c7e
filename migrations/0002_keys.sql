CREATE TABLE `destroyed_keys` (
	`orgId` text NOT NULL,
	`projectId` text NOT NULL,
	`keyId` text NOT NULL,
	`destroyedAt` integer NOT NULL,
	PRIMARY KEY(`projectId`, `keyId`),
	FOREIGN KEY (`orgId`,`projectId`) REFERENCES `projects`(`orgId`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `organization_keys` (
	`orgId` text NOT NULL,
	`keyId` text NOT NULL,
	`sealed` text NOT NULL,
	`createdAt` integer NOT NULL,
	PRIMARY KEY(`orgId`, `keyId`),
	FOREIGN KEY (`orgId`) REFERENCES `organization`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `owner_keys` (
	`orgId` text NOT NULL,
	`revision` integer NOT NULL,
	`threshold` integer NOT NULL,
	`keys` text NOT NULL,
	`envelopeSha256` text NOT NULL,
	`changedAt` integer NOT NULL,
	`changedBy` text NOT NULL,
	PRIMARY KEY(`orgId`, `revision`),
	FOREIGN KEY (`orgId`) REFERENCES `organization`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `retired_keys` (
	`orgId` text NOT NULL,
	`keyId` text NOT NULL,
	`kind` text NOT NULL,
	`at` integer NOT NULL,
	`compromisedSince` integer,
	`reason` text NOT NULL,
	`successorKeyId` text,
	`envelopeSha256` text,
	`retiredBy` text NOT NULL,
	PRIMARY KEY(`orgId`, `keyId`),
	FOREIGN KEY (`orgId`) REFERENCES `organization`(`id`) ON UPDATE no action ON DELETE no action
);
