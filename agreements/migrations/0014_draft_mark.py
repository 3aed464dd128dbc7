from django.db import migrations

# A mark that is another whenever a row that a draft is made of has come, gone or been written: each
# row's place and the transaction that wrote it, which PostgreSQL changes with every write. A function,
# so that the database plans it once. `agreements.remembered` asks for it; a test holds it to every
# table that a draft is read from.
_MARK = """
CREATE FUNCTION agreements_draft_mark(wanted bigint) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    the_region bigint;
    the_plan bigint;
    the_template bigint;
BEGIN
    SELECT region_id, plan_id, template_id INTO the_region, the_plan, the_template
    FROM agreements_agreement WHERE id = wanted;
    RETURN (
        SELECT count(*)::text || ':' || coalesce(
            sum(hashtidextended(place, (kind::bigint << 32) + written::text::bigint)), 0
        )::text
        FROM (
            SELECT tableoid AS kind, ctid AS place, xmin AS written
            FROM agreements_agreement WHERE id = wanted
            UNION ALL SELECT tableoid, ctid, xmin
            FROM agreements_clause WHERE agreement_id = wanted
            UNION ALL SELECT tableoid, ctid, xmin
            FROM agreements_party WHERE agreement_id = wanted
            UNION ALL SELECT own.tableoid, own.ctid, own.xmin
            FROM agreements_party_on_behalf_of own
            JOIN agreements_party party ON party.id = own.party_id
            WHERE party.agreement_id = wanted
            UNION ALL SELECT tableoid, ctid, xmin
            FROM agreements_serviceitem WHERE agreement_id = wanted
            UNION ALL SELECT own.tableoid, own.ctid, own.xmin
            FROM agreements_servicechoice own
            JOIN agreements_serviceitem service ON service.id = own.service_id
            WHERE service.agreement_id = wanted
            UNION ALL SELECT tableoid, ctid, xmin
            FROM agreements_attachment WHERE agreement_id = wanted
            UNION ALL SELECT own.tableoid, own.ctid, own.xmin
            FROM agreements_attachmentfile own
            JOIN agreements_attachment attachment ON attachment.id = own.attachment_id
            WHERE attachment.agreement_id = wanted
            UNION ALL SELECT tableoid, ctid, xmin
            FROM agreements_agreementtemplate WHERE id = the_template
            UNION ALL SELECT own.tableoid, own.ctid, own.xmin
            FROM municipalities_user own
            JOIN agreements_agreementtemplate template ON template.confirmed_by_id = own.id
            WHERE template.id = the_template
            UNION ALL SELECT tableoid, ctid, xmin
            FROM financing_plan WHERE id = the_plan
            UNION ALL SELECT tableoid, ctid, xmin
            FROM financing_participant WHERE plan_id = the_plan
            UNION ALL SELECT tableoid, ctid, xmin
            FROM financing_extra WHERE plan_id = the_plan
            UNION ALL SELECT tableoid, ctid, xmin
            FROM financing_currentcontribution WHERE plan_id = the_plan
            UNION ALL SELECT tableoid, ctid, xmin
            FROM financing_alternative WHERE plan_id = the_plan
            UNION ALL SELECT own.tableoid, own.ctid, own.xmin
            FROM financing_rule own
            JOIN financing_alternative alternative ON alternative.id = own.alternative_id
            WHERE alternative.plan_id = the_plan
            UNION ALL SELECT own.tableoid, own.ctid, own.xmin
            FROM financing_ruleweight own
            JOIN financing_rule rule ON rule.id = own.rule_id
            JOIN financing_alternative alternative ON alternative.id = rule.alternative_id
            WHERE alternative.plan_id = the_plan
            UNION ALL SELECT own.tableoid, own.ctid, own.xmin
            FROM financing_indexfactor own
            JOIN financing_alternative alternative ON alternative.id = own.alternative_id
            WHERE alternative.plan_id = the_plan
            UNION ALL SELECT tableoid, ctid, xmin
            FROM municipalities_region WHERE id = the_region
            UNION ALL SELECT own.tableoid, own.ctid, own.xmin
            FROM municipalities_municipality own
            JOIN municipalities_region region ON region.contract_municipality_id = own.id
            WHERE region.id = the_region
            UNION ALL SELECT tableoid, ctid, xmin FROM municipalities_county
            UNION ALL SELECT tableoid, ctid, xmin FROM municipalities_organisation
        ) AS read
    );
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0013_public"),
        ("financing", "0003_extras"),
        ("municipalities", "0004_accounts"),
    ]

    operations = [
        migrations.RunSQL(_MARK, "DROP FUNCTION IF EXISTS agreements_draft_mark(bigint)"),
    ]
