CREATE TABLE `idempotency_keys` (
	`orgId` text NOT NULL,
	`actor` text NOT NULL,
	`route` text NOT NULL,
	`key` text NOT NULL,
	`holder` text NOT NULL,
	`leaseUntil` integer NOT NULL,
	`fingerprint` text,
	`status` integer,
	`contentType` text,
	`location` text,
	`body` text,
	`expiresAt` integer NOT NULL,
	PRIMARY KEY(`orgId`, `actor`, `route`, `key`)
);
--> statement-breakpoint
CREATE INDEX `idempotency_keys_expires` ON `idempotency_keys` (`expiresAt`);--> statement-breakpoint
CREATE TABLE `outbox_mail` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`recipient` text NOT NULL,
	`subject` text NOT NULL,
	`text` text NOT NULL,
	`sentAt` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sign_in_limit` (
	`key` text PRIMARY KEY NOT NULL,
	`count` integer NOT NULL,
	`windowEndsAt` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `sign_in_limit_window` ON `sign_in_limit` (`windowEndsAt`);--> statement-breakpoint
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
--> statement-breakpoint
CREATE TABLE `deviceCode` (
	`id` text PRIMARY KEY NOT NULL,
	`deviceCode` text NOT NULL,
	`userCode` text NOT NULL,
	`userId` text,
	`expiresAt` integer NOT NULL,
	`status` text NOT NULL,
	`lastPolledAt` integer,
	`pollingInterval` integer,
	`clientId` text,
	`scope` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `device_code_device` ON `deviceCode` (`deviceCode`);--> statement-breakpoint
CREATE UNIQUE INDEX `device_code_user` ON `deviceCode` (`userCode`);--> statement-breakpoint
CREATE TABLE `passkey` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text,
	`publicKey` text NOT NULL,
	`userId` text NOT NULL,
	`credentialID` text NOT NULL,
	`counter` integer NOT NULL,
	`deviceType` text NOT NULL,
	`backedUp` integer NOT NULL,
	`transports` text,
	`createdAt` integer,
	`aaguid` text,
	FOREIGN KEY (`userId`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `passkey_user` ON `passkey` (`userId`);--> statement-breakpoint
CREATE INDEX `passkey_credential` ON `passkey` (`credentialID`);--> statement-breakpoint
CREATE TABLE `secret_revisions` (
	`orgId` text NOT NULL,
	`projectId` text NOT NULL,
	`environment` text NOT NULL,
	`revision` integer NOT NULL,
	PRIMARY KEY(`projectId`, `environment`),
	FOREIGN KEY (`orgId`,`projectId`) REFERENCES `projects`(`orgId`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `secrets` (
	`orgId` text NOT NULL,
	`projectId` text NOT NULL,
	`environment` text NOT NULL,
	`name` text NOT NULL,
	`sealed` text NOT NULL,
	`revision` integer NOT NULL,
	PRIMARY KEY(`projectId`, `environment`, `name`),
	FOREIGN KEY (`orgId`,`projectId`) REFERENCES `projects`(`orgId`,`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `vault_checks` (
	`vaultKeyId` text PRIMARY KEY NOT NULL,
	`checkValue` text NOT NULL,
	`createdAt` integer NOT NULL,
	`remainingCount` integer
);
--> statement-breakpoint
ALTER TABLE `session` ADD `kind` text DEFAULT 'browser' NOT NULL;--> statement-breakpoint
ALTER TABLE `session` ADD `signedInAt` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `member_once` ON `member` (`userId`,`organizationId`);