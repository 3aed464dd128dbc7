import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Whose word a stored signature is, from the first event after it that names the party and the file:
# the file itself names only whoever sent its bytes first.
_FILL = """
ALTER TABLE agreements_partysignature DISABLE TRIGGER agreements_partysignature_append_only;
UPDATE agreements_partysignature s SET vouched_by_id = (
    SELECT e.actor_id
      FROM agreements_agreementevent e
      JOIN agreements_storedfile f ON f.id = s.file_id
      JOIN municipalities_organisation o ON o.id = s.organisation_id
     WHERE e.version_id = s.version_id AND e.action IN ('state.sign', 'state.sign_partly')
       AND e.data->>'file' = f.sha256 AND e.data->'parties' ? o.key
       AND e.occurred_at >= s.created_at
     ORDER BY e.id LIMIT 1)
 WHERE NOT s.checked;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE agreements_partysignature ENABLE TRIGGER agreements_partysignature_append_only;
"""


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("agreements", "0015_mail_in_trouble"),
    ]

    operations = [
        migrations.AddField(
            model_name="partysignature",
            name="vouched_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
    ]
