"""Which columns play a part, in the order in which they are asked: the employer, the claim, the sum of each stage."""

EMPLOYER = ("单位名称", "务工单位", "创业实体")  # whoever employs, as a verdict names it
LISTED_EMPLOYER = ("参保单位", "单位名称", "务工单位")  # what a list may call a person's employer
FIRM = ("单位名称", "单位", "统一社会信用代码")  # by which a firm is found that somebody names
CLAIMS = ("申请金额", "核定金额", "发放金额")  # what is claimed: the first that is stated
# What leaves the treasury is what the last stage says: a claim that the approval cut down is no overpayment.
STAGES = ("发放金额", "核定金额", "申请金额", "申报金额", "贴息金额", "岗位补贴", "社保补贴")
# What tells two payments of one programme to one person apart; blank in both is "not told apart".
PERIOD = (
    "所属期", "训练开始日期", "训练结束日期", "培训开始日期", "培训结束日期", "计息开始日期", "计息结束日期",
    "学年", "合同开始日期",
)  # fmt: skip
# Where no period is stated, time at work tells two payments apart; alike, it may still be two quarters of one job.
WORKED = ("就业开始日期", "就业结束日期", "务工开始日期", "务工结束日期", "社保开始日期", "社保结束日期")
LOAN = "贷款合同编号"
