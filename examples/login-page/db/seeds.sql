INSERT INTO users (email, password_hash) VALUES ('demo@example.com', '!') ON CONFLICT DO NOTHING;
