-- The catalog of recordings: what recording.json files say, in a form that can be searched.
-- Numbers are kept as their letters and digits alone, which is how they are compared.
CREATE TABLE recording (
  id             VARCHAR(128) NOT NULL PRIMARY KEY,
  kind           VARCHAR(8)   NOT NULL,
  contact_center VARCHAR(80)  NOT NULL,
  tenant         VARCHAR(80)  NOT NULL,
  day            VARCHAR(10)  NOT NULL,
  caller         TEXT         NOT NULL,
  dialed         TEXT         NOT NULL,
  start_ms       BIGINT       NOT NULL,
  metadata       TEXT         NOT NULL
);
CREATE INDEX recording_by_start ON recording (start_ms, id);
CREATE INDEX recording_by_caller ON recording (caller, start_ms, id);
CREATE INDEX recording_by_dialed ON recording (dialed, start_ms, id);
CREATE INDEX recording_by_day ON recording (contact_center, tenant, day, id);

CREATE TABLE media_file (
  recording_id VARCHAR(128) NOT NULL REFERENCES recording (id) ON DELETE CASCADE,
  media_id     VARCHAR(200) NOT NULL,
  call_uuid    TEXT         NOT NULL,
  agent_id     TEXT         NOT NULL,
  PRIMARY KEY (recording_id, media_id)
);
CREATE INDEX media_file_by_call ON media_file (call_uuid, recording_id);
CREATE INDEX media_file_by_agent ON media_file (agent_id, recording_id);

-- Days that were compared with what lies in the storage, and what told that nothing has changed since.
CREATE TABLE stored_day (
  contact_center VARCHAR(80) NOT NULL,
  tenant         VARCHAR(80) NOT NULL,
  day            VARCHAR(10) NOT NULL,
  mark           TEXT        NOT NULL,
  PRIMARY KEY (contact_center, tenant, day)
);
