import datetime as dt

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from agreements.domain import chain
from municipalities.events import append_only_trigger, never_deleted_trigger


def link_events(apps, schema_editor):
    """Give every event that is there already its place in its agreement's chain."""
    Event = apps.get_model("agreements", "AgreementEvent")
    table = Event._meta.db_table
    rows = Event.objects.select_related("agreement", "organisation").order_by("agreement_id", "pk")
    last = {}
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only")
    for row in rows:
        number, before = last.get(row.agreement_id, (0, chain.START))
        entry = chain.Entry(
            agreement=row.agreement.slug,
            number=number + 1,
            at=row.occurred_at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
            actor=row.actor_id,
            organisation=row.organisation.key if row.organisation else "",
            action=row.action,
            data=row.data,
            request_id="",
            version_sha256="",
        )
        said = chain.digest(entry, before)
        Event.objects.filter(pk=row.pk).update(number=number + 1, previous_hash=before, hash=said)
        last[row.agreement_id] = (number + 1, said)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_append_only")


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0002_input"),
        ("financing", "0002_models_beyond_the_usual"),
        ("municipalities", "0002_statistics"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessLog",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("opened", "åpnet"), ("downloaded", "lastet ned")], max_length=12
                    ),
                ),
                ("what", models.CharField(blank=True, max_length=40)),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("decides", "tar stilling"), ("confirms", "bekrefter sin del")],
                        default="decides",
                        max_length=10,
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "stance",
                    models.CharField(
                        choices=[
                            ("positive", "positiv"),
                            ("conditional", "positiv på vilkår"),
                            ("negative", "negativ"),
                            ("undecided", "ikke svart"),
                        ],
                        default="undecided",
                        max_length=12,
                        verbose_name="svar",
                    ),
                ),
                (
                    "preferred_alternative",
                    models.CharField(
                        blank=True, max_length=120, verbose_name="foretrukket alternativ"
                    ),
                ),
                (
                    "comment",
                    models.TextField(blank=True, max_length=5000, verbose_name="begrunnelse"),
                ),
                ("seen_sha256", models.CharField(blank=True, max_length=64)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "svar",
                "verbose_name_plural": "svar",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_day", models.DateField(verbose_name="fra og med")),
                ("last_day", models.DateField(verbose_name="til og med")),
                ("reason", models.CharField(max_length=1000, verbose_name="grunn")),
                ("given_at", models.DateTimeField(auto_now_add=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "delegering",
                "verbose_name_plural": "delegeringer",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Resolution",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                ("case_number", models.CharField(max_length=60, verbose_name="saksnummer")),
                ("decided_on", models.DateField(verbose_name="vedtaksdato")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("adopted", "vedtatt"),
                            ("conditional", "vedtatt på vilkår"),
                            ("rejected", "ikke vedtatt"),
                        ],
                        max_length=12,
                        verbose_name="utfall",
                    ),
                ),
                (
                    "conditions",
                    models.TextField(blank=True, max_length=5000, verbose_name="vilkår"),
                ),
                ("registered_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "vedtak",
                "verbose_name_plural": "vedtak",
                "ordering": ["decided_on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ResolutionExtract",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file_name", models.CharField(max_length=160, verbose_name="filnavn")),
                ("content", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("added_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                ("deadline", models.DateField(verbose_name="frist")),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "withdrawn_reason",
                    models.CharField(blank=True, max_length=1000, verbose_name="grunn"),
                ),
            ],
            options={
                "verbose_name": "runde",
                "verbose_name_plural": "runder",
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="versjon")),
                ("document", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("findings", models.JSONField(default=list)),
                (
                    "message",
                    models.CharField(
                        blank=True, max_length=1000, verbose_name="melding til kommunene"
                    ),
                ),
                ("base_address", models.CharField(blank=True, max_length=200)),
                ("frozen_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "versjon",
                "verbose_name_plural": "versjoner",
                "ordering": ["-number"],
            },
        ),
        migrations.AddField(
            model_name="agreementevent",
            name="hash",
            field=models.CharField(default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="agreementevent",
            name="number",
            field=models.PositiveIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="agreementevent",
            name="previous_hash",
            field=models.CharField(default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="agreementevent",
            name="request_id",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AlterField(
            model_name="agreement",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "utkast"),
                    ("in_review", "til behandling"),
                    ("recommended", "innstilt"),
                    ("in_resolution", "til vedtak"),
                    ("adopted", "vedtatt"),
                    ("partly_adopted", "delvis vedtatt"),
                    ("rejected", "forkastet"),
                    ("ready_to_sign", "klar til signering"),
                    ("partly_signed", "delvis signert"),
                    ("signed", "signert"),
                    ("active", "gjelder"),
                    ("amended", "endret"),
                    ("notice_given", "sagt opp"),
                    ("extended", "forlenget"),
                    ("expired", "utløpt"),
                    ("archived", "arkivert"),
                ],
                default="draft",
                editable=False,
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="agreementevent",
            name="occurred_at",
            field=models.DateTimeField(db_index=True),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "draft",
                            "in_review",
                            "recommended",
                            "in_resolution",
                            "adopted",
                            "partly_adopted",
                            "rejected",
                            "ready_to_sign",
                            "partly_signed",
                            "signed",
                            "active",
                            "amended",
                            "notice_given",
                            "extended",
                            "expired",
                            "archived",
                        ],
                    )
                ),
                name="agreement_in_a_known_state",
            ),
        ),
        migrations.AddField(
            model_name="accesslog",
            name="organisation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="municipalities.organisation",
            ),
        ),
        migrations.AddField(
            model_name="accesslog",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="municipalities.organisation",
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="delegations",
                to="agreements.agreement",
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="given_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="given_to",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="delegations",
                to=settings.AUTH_USER_MODEL,
                verbose_name="hvem",
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="municipalities.organisation",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="delegation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="agreements.delegation",
            ),
        ),
        migrations.AddField(
            model_name="resolution",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="municipalities.organisation",
            ),
        ),
        migrations.AddField(
            model_name="resolution",
            name="registered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="resolutionextract",
            name="added_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="resolutionextract",
            name="resolution",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="extracts",
                to="agreements.resolution",
            ),
        ),
        migrations.AddField(
            model_name="round",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="version",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="versions",
                to="agreements.agreement",
            ),
        ),
        migrations.AddField(
            model_name="version",
            name="frozen_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="version",
            name="organisation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="municipalities.organisation",
            ),
        ),
        migrations.AddField(
            model_name="round",
            name="version",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="round",
                to="agreements.version",
            ),
        ),
        migrations.AddField(
            model_name="resolution",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="resolutions",
                to="agreements.version",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="agreements.version",
            ),
        ),
        migrations.AddField(
            model_name="accesslog",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="accesses",
                to="agreements.version",
            ),
        ),
        migrations.AddField(
            model_name="agreementevent",
            name="version",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="agreements.version",
            ),
        ),
        migrations.RunPython(link_events, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="agreementevent",
            constraint=models.UniqueConstraint(
                fields=("agreement", "number"), name="event_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_day__gte", models.F("first_day"))),
                name="delegation_days_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("given_to", models.F("given_by")), _negated=True),
                name="delegation_to_somebody_else",
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.UniqueConstraint(
                fields=("agreement", "number"), name="version_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="version",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256__length", 64)), name="version_has_a_hash"
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_reason", "")),
                    models.Q(
                        ("withdrawn_at__isnull", False),
                        models.Q(("withdrawn_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="round_withdrawn_with_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="resolution",
            constraint=models.UniqueConstraint(
                fields=("version", "organisation"), name="resolution_once_for_a_council"
            ),
        ),
        migrations.AddConstraint(
            model_name="resolution",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "conditional"), _negated=True),
                    models.Q(("conditions", ""), _negated=True),
                    _connector="OR",
                ),
                name="resolution_says_its_conditions",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                fields=("version", "organisation"), name="decision_once_for_a_body"
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("comment", ""),
                        ("decided_at__isnull", True),
                        ("decided_by__isnull", True),
                        ("preferred_alternative", ""),
                        ("seen_sha256", ""),
                        ("stance", "undecided"),
                    ),
                    models.Q(
                        models.Q(("stance", "undecided"), _negated=True),
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("seen_sha256__length", 64),
                    ),
                    _connector="OR",
                ),
                name="decision_has_a_day_and_a_hash_when_given",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("stance__in", ["positive", "undecided"]),
                    models.Q(("comment", ""), _negated=True),
                    _connector="OR",
                ),
                name="decision_says_why_unless_positive",
            ),
        ),
        migrations.RunSQL(*append_only_trigger("agreements_version")),
        migrations.RunSQL(*append_only_trigger("agreements_accesslog")),
        migrations.RunSQL(*append_only_trigger("agreements_resolutionextract")),
        migrations.RunSQL(*never_deleted_trigger("agreements_round")),
        migrations.RunSQL(*never_deleted_trigger("agreements_decision")),
        migrations.RunSQL(*never_deleted_trigger("agreements_delegation")),
        migrations.RunSQL(*never_deleted_trigger("agreements_resolution")),
    ]
